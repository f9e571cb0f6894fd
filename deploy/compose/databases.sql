CREATE DATABASE xiaohu_bot OWNER xiaohu;
